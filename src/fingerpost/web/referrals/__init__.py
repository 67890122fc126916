"""Access: referrals from every source, the queue they wait in, and signposting."""
