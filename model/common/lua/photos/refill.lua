-- Fill the front up.
--
-- KEYS: the queue. Returns how many photos came to it.
-- include photos/fair_queue
return refill()
