"""The plugin's MCP server: six small tools by which a model looks at its own work."""
