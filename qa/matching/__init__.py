"""Which measures apply to a company or a person, how much they come to, and what is missing. By rule, no model."""

from qa.matching.match import Decision, Match, Matches, match
from qa.matching.next_question import NextQuestion, next_question
from qa.matching.offers import Offers
from qa.matching.profile import Figure, Profile, Trait
from qa.matching.profile_json import ProfileError, profile_from_json, profile_of, profile_to_json

__all__ = [
    "Decision",
    "Figure",
    "Match",
    "Matches",
    "NextQuestion",
    "Offers",
    "Profile",
    "ProfileError",
    "Trait",
    "match",
    "next_question",
    "profile_from_json",
    "profile_of",
    "profile_to_json",
]
