"""审查: what a draft should be looked at for before it goes out, each finding with its sentence, reason and basis; never a verdict."""
