"""Engagement: a referral accepted into a case, contacts, the plan and its goals."""
