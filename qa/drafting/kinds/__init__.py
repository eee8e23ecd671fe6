"""The skeletons of the six kinds of drafts (骨架)."""
