-- A number that Redis holds as a text. What is none, or no finite one, counts as 0: somebody put it
-- there by hand, and a script that failed of it would fail for ever.
local function number(text)
  local value = tonumber(text or '') or 0
  return math.abs(value) < 2 ^ 53 and value or 0
end
