"""Keep policy documents and find clauses in them: ``PolicyDocument`` → hits.

``register`` is the one truth; ``lexical`` (tantivy) and ``vectors`` (Chroma) are derived from it by ``follow``;
``retriever`` answers a ``query.Query`` with ranked ``chunk.Hit`` objects; ``library`` puts them behind one object.
"""
