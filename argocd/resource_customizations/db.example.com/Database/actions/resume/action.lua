if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["db.example.com/hibernate"] = "false"
return obj
