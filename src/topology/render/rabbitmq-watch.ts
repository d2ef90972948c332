// Erlang's <<".*">>, without what a shell would take for its own.
const any = '<<46,42>>'

/**
 * Runs inside a node of RabbitMQ, and ends it when the others do better without: it is then started again, and waits for room on its disk.
 * Erlang, as one word, since it passes through a shell script that splits words; so no two words may stand beside each other.
 *
 * - A full disk of one node makes all nodes hold their publishers up. While the others are a majority, the node leaves instead.
 * - A queue is only on the nodes that were there when it was made. Each node takes its part in all of them, sooner or later.
 * - When the log of its quorum queues could not be written, the node runs on without these queues, for ever. So it does without its tables.
 * - A node that comes back from a cut may wait for more than a minute for Erlang's `global` on another node. A fresh one is there in seconds.
 *   One that is alone in its cluster waits for nobody: it makes its first tables, for half a minute on a slow disk, and must come to their end.
 *   Only seconds count in which it hardly does anything: on a busy machine a sound start takes its time too.
 *
 * It flushes nothing when it ends, since that waits for connections to nodes that are silent.
 */
export const watchCode = `
spawn(fun()->
  Look=fun(Look,Log,Lost)->
    timer:sleep(1000),
    (case{whereis(rabbit_sup),whereis(ra_log_wal),whereis(mnesia_sup),element(1,init:get_status())}of
      {_,_,_,stopping}->ok;
      {undefined,_,_,_}->Look(Look,undefined,0);
      {_,_,undefined,_}when(Lost>10)->erlang:display(skykeel_tables_are_gone),erlang:halt(1,[{flush,false}]);
      {_,_,undefined,_}->Look(Look,Log,Lost+1);
      {_,Now,_,_}when(Now=/=Log),(Log=/=undefined)->erlang:display(skykeel_queues_are_gone),erlang:halt(1,[{flush,false}]);
      {_,Now,_,_}->
        (case(catch({rabbit_alarm:get_alarms(),length(nodes())+length(nodes())>length(mnesia:system_info(db_nodes))}))of
          {[{{resource_limit,disk,Node},_}],true}when(Node=:=node())->
            erlang:display(skykeel_disk_is_full),erlang:halt(1,[{flush,false}]);
          _->Look(Look,Now,0)
        end)
    end)
  end,
  Look(Look,undefined,0)
end),
spawn(fun()->
  Start=fun(Start,Slow,Used)->
    timer:sleep(1000),
    Uses=element(1,erlang:statistics(runtime)),
    (case{whereis(rabbit_sup),catch(rabbit_boot_state:get()),catch(length(mnesia:system_info(db_nodes)))}of
      {_,_,1}->Start(Start,0,Uses);
      {Sup,booting,_}when(is_pid(Sup)),(Slow>20)->erlang:display(skykeel_start_hangs),erlang:halt(1,[{flush,false}]);
      {Sup,booting,_}when(is_pid(Sup)),(Uses-Used<100)->Start(Start,Slow+1,Uses);
      {Sup,booting,_}when(is_pid(Sup))->Start(Start,Slow,Uses);
      _->Start(Start,0,Uses)
    end)
  end,
  Start(Start,0,0)
end),
spawn(fun()->
  Join=fun(Join)->
    timer:sleep(5000),
    (catch(rabbit_quorum_queue:grow(node(),${any},${any},all))),
    Join(Join)
  end,
  Join(Join)
end).`.replaceAll(/\s+/g, '')
