"""起草: what the files provide on each point, worded as a draft whose every paragraph names its basis."""
