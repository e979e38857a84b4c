"""Use cases: ingest, report, show, doctor."""
