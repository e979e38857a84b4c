"""The status line: what stands in a session, in one line, for the person's `statusLine` setting."""
