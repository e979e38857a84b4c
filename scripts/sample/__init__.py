"""Scripted conversations that become the sample records shipped in `outrider/sample`."""
