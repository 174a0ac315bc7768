-- Remember an answer. One that is sent a second time may have been corrected in between, and stays
-- as it is.
--
-- KEYS: 1 record, 2 answers of the person.
-- ARGV: 1 the sealed answer, 2 its sealed id, 3 now, 4 seconds until it is forgotten.
redis.call('HSETNX', KEYS[1], 'answer', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[2], 0, ARGV[3] - ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[4])
