local health = {
  status = "Progressing",
  message = "the controller has not looked at the present spec yet",
}

if obj.status == nil or obj.status.observedGeneration == nil then
  return health
end
if obj.status.observedGeneration ~= obj.metadata.generation then
  return health
end

local conditions = {}
for _, condition in ipairs(obj.status.conditions or {}) do
  if conditions[condition.type] == nil then
    conditions[condition.type] = condition
  end
end

-- What a person must do, or how it goes.
local told = conditions.Ready
if conditions.Stalled ~= nil and conditions.Stalled.status == "True" then
  told = conditions.Stalled
end
health.message = told ~= nil and told.message or ""

if obj.metadata.deletionTimestamp ~= nil then
  return health
end

-- The Database stands in the first wave: whether the workload may be applied as it is rendered.
local mayChange = conditions.WorkloadMayChange
if mayChange == nil or mayChange.status ~= "False" then
  health.status = "Healthy"
elseif mayChange.reason == "Invalid" or mayChange.reason == "VolumesOfAnotherDatabase" then
  health.status = "Degraded"
else
  health.message = mayChange.message or ""
end
return health
