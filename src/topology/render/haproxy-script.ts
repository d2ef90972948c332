/**
 * A script for HAProxy that does two things which it does not do by itself.
 * A request waits for a controller while none is up: HAProxy's own retries pause only where the kernel tells of a refusal later, which
 * for a server on the same machine it often does at once.
 * And who is down loses the requests that he holds, so that they go elsewhere: `on-marked-down shutdown-sessions` does that at once, and
 * breaks those that are only connecting, which are not sent again. A while later they have failed to connect, and have gone elsewhere.
 */
export const haproxyScript = `-- Written by skykeel from the topology. Change that instead of this file.
local function begins(server, state)
  return server:get_stats()["status"]:find("^" .. state) ~= nil
end

-- Holds a request for up to 15 seconds while no controller is up.
core.register_action("wait_for_controller", { "http-req" }, function()
  for _ = 1, 150 do
    for _, server in pairs(core.backends["controllers"].servers) do
      if begins(server, "UP") then
        return
      end
    end
    core.msleep(100)
  end
end)

-- Takes its requests away from a controller that is down for longer than it takes to give up connecting to it, once another one is up:
-- where all wait for the same thing, a request waits best where it is.
core.register_task(function()
  local downs = {}
  while true do
    for backend, proxy in pairs(core.backends) do
      local ups = 0
      for name, server in pairs(proxy.servers) do
        local key = backend .. "/" .. name
        downs[key] = begins(server, "DOWN") and (downs[key] or 0) + 1 or nil
        ups = ups + (begins(server, "UP") and 1 or 0)
      end
      for name, server in pairs(proxy.servers) do
        if ups > 0 and (downs[backend .. "/" .. name] or 0) >= 6 then
          server:shut_sess()
        end
      end
    end
    core.msleep(100)
  end
end)
`
