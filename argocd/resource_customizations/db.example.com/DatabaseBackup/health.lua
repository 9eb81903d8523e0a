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

local stalled = conditions.Stalled ~= nil and conditions.Stalled.status == "True"
local told = stalled and conditions.Stalled or conditions.Ready
health.message = told ~= nil and told.message or ""

-- A failed backup breaks no Application, and holds no sync; as a step of a sync it does.
local annotations = obj.metadata.annotations or {}
if annotations["argocd.argoproj.io/hook"] == nil or obj.status.phase == "Succeeded" then
  health.status = "Healthy"
elseif obj.status.phase == "Failed" or stalled then
  health.status = "Degraded"
end
return health
