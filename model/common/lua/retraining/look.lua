-- Look at the slot; what a dead trainer holds is given up, or goes back to waiting.
--
-- KEYS, ARGV: the slot's. Returns the slot's hash and, of what runs, `silent`: the seconds since its
-- last sign of life.
-- include retraining/slot
tend()
return all()
