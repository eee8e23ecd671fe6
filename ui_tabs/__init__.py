"""Tabs of the page that have a module of their own: 政策匹配 and 支持措施. Handlers and layout, no knowledge of policies."""
