"""Fingerpost: social prescribing, from referral to evidence."""
