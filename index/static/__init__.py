"""The offline embedding: a small static model trained from scratch, shipped with the package (see ``DATA.md``)."""
