/**
 * A script for HAProxy that does two things which it does not do by itself.
 * A request waits for a controller while none is up: HAProxy's own retries pause only where the kernel tells of a refusal later, which
 * for a server on the same machine it often does at once.
 * And who is down loses the requests that he holds, so that they go elsewhere: `on-marked-down shutdown-sessions` does that at once, and
 * breaks those that are only connecting, which are not sent again. A while later they have failed to connect, and have gone elsewhere.
 * Who still answers, if only that he can't serve, keeps them for longer: what he waits for, the others mostly wait for as well.
 */
export const haproxyScript = `-- Written by skykeel from the topology. Change that instead of this file.
local function begins(server, state)
  return server:get_stats()["status"]:find("^" .. state) ~= nil
end

-- Holds a request for up to 15 seconds while no controller is up, and tells the one that then gets it, for its client waits no longer.
core.register_action("wait_for_controller", { "http-req" }, function(txn)
  for look = 0, 149 do
    for _, server in pairs(core.backends["controllers"].servers) do
      if begins(server, "UP") then
        txn.http:req_set_header("Skykeel-Waited", tostring(look * 100))
        return
      end
    end
    core.msleep(100)
  end
end)

-- For how many looks, ten a second, a controller that is down may keep its requests: for as long as it takes to give up connecting to one
-- that is silent, and for as long as all may take to find out that none can serve where it still answers the checks.
local function patience(server)
  return server:get_stats()["check_status"]:find("L7STS") and 30 or 6
end

-- Takes its requests away from a controller that is down for too long, once another one is up: where all wait for the same thing, a
-- request waits best where it is.
core.register_task(function()
  local downs = {}
  while true do
    for _, backend in ipairs({ "controllers", "images" }) do
      local proxy, ups = core.backends[backend], 0
      for name, server in pairs(proxy.servers) do
        local key = backend .. "/" .. name
        downs[key] = begins(server, "DOWN") and (downs[key] or 0) + 1 or nil
        ups = ups + (begins(server, "UP") and 1 or 0)
      end
      for name, server in pairs(proxy.servers) do
        if ups > 0 and (downs[backend .. "/" .. name] or 0) >= patience(server) then
          server:shut_sess()
        end
      end
    end
    core.msleep(100)
  end
end)
`
