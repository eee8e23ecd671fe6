"""政策框架: what a new colleague needs — lineage, overview, targets, departments, timeline, terms — each line from its clause.

``views`` gives each view its name, for every face; ``graph`` is the lineage of files, ``command`` what ``python -m qa`` runs.
"""
