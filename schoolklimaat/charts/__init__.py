"""Readings as people see them: series, findings in words, charts, tables and files."""
