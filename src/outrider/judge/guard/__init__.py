"""The guard: is this session stuck, running away or over its limits? Decided live, from events alone."""
