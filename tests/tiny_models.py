"""Tiny models of sentence-transformers with random weights, made on the spot: what is loaded is what the libraries save."""

from __future__ import annotations

from pathlib import Path

CHINESE = "关于支持第类企业的若干措施给予房租补贴贷款贴息用电首次认定高新技术一次性奖励城乡居民凭户口簿到社区卫生院接种疫苗，。二三〔〕0123456789"


def _bert(folder: Path, characters: str, seed: int, labels: int = 1):
    import torch
    from transformers import BertConfig, BertTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set(characters))]
    (folder / "vocab.txt").write_text("\n".join(words), "utf-8")
    BertTokenizerFast(vocab=str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder)
    torch.manual_seed(seed)
    return BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        num_labels=labels,
    )


def make_embedding(
    folder: Path, characters: str = CHINESE, seed: int = 0, prompts: dict[str, str] | None = None
) -> Path:
    """A SentenceTransformer of 32 dimensions; ``prompts`` are saved with it."""
    from sentence_transformers import SentenceTransformer
    from transformers import BertModel

    bare = folder.with_name(f"{folder.name}-bare")
    BertModel(_bert(bare, characters, seed)).save_pretrained(bare)
    SentenceTransformer(str(bare), prompts=prompts).save(str(folder))
    return folder


def make_cross_encoder(folder: Path, labels: int = 1, seed: int = 0) -> Path:
    """A CrossEncoder as they stand on the model hubs: a transformer that classifies."""
    from transformers import BertForSequenceClassification

    BertForSequenceClassification(_bert(folder, CHINESE, seed, labels)).save_pretrained(folder)
    return folder
