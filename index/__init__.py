"""Keep policy documents and find clauses in them: ``PolicyDocument`` → hits.

``register`` (SQLite, or PostgreSQL) is the one truth; ``lexical`` (tantivy) and ``vectors`` (Chroma, in a process of its own or on a server, or
Milvus) are derived from it by ``follow``;
``retriever`` answers a ``query.Query`` with ranked ``chunk.Hit`` objects; ``library`` puts them behind one object.
"""
