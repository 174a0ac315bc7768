-- Fill the front up.
--
-- KEYS: the queue. Returns how many photos came to it.
-- include fair_queue
return refill()
