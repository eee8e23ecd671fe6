"""政策框架: what a new colleague needs — lineage, overview, targets, departments, timeline, terms — each line from its clause."""
