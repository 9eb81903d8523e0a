local annotations = obj.metadata.annotations or {}
local asleep = annotations["db.example.com/hibernate"] == "true"
local presets = { small = 1, medium = 2, large = 3 }
local alone = (obj.spec.replicas or presets[obj.spec.size or "small"]) < 2
local backup = obj.spec.backup
local backedUp = backup ~= nil and backup.enabled ~= false

local actions = {}
actions["switchover"] = { ["disabled"] = asleep or alone }
actions["restart"] = { ["disabled"] = asleep }
actions["backup"] = { ["disabled"] = asleep or not backedUp }
actions["hibernate"] = { ["disabled"] = asleep }
actions["resume"] = { ["disabled"] = not asleep }
actions["rotate-credentials"] = { ["disabled"] = asleep }
actions["rotate-system-credentials"] = { ["disabled"] = asleep }
return actions
