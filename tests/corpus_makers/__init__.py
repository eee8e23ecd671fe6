"""How each format of the sample files is written: used by ``tests/make_corpus.py`` only."""
