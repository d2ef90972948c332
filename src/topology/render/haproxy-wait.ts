/**
 * A script for HAProxy by which a request waits for a controller while none is up. HAProxy's own retries do not: they pause only
 * where the kernel tells of a refusal later, which for a server on the same machine it often does at once.
 */
export const haproxyWait = `-- Written by skykeel from the topology. Change that instead of this file.
-- Holds a request for up to 15 seconds while no controller is up.
local function is_up(server)
  return server:get_stats()["status"]:find("^UP") ~= nil
end

core.register_action("wait_for_controller", { "http-req" }, function()
  for _ = 1, 150 do
    for _, server in pairs(core.backends["controllers"].servers) do
      if is_up(server) then
        return
      end
    end
    core.msleep(100)
  end
end)
`
