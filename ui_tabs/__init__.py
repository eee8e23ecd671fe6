"""Tabs of the page that have a module of their own. Handlers and layout, no knowledge of policies."""
