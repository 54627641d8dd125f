"""The meetings and reviews that come round by the rule-book."""
