-- An interview can be erased, whole: its id stands here while that is done, within one transaction. Nothing else deletes
-- an event.

create table erasing (
    interview text not null primary key
) strict;

drop trigger events_are_never_deleted;

create trigger events_are_never_deleted before delete on events
when not exists (select 1 from erasing where interview = old.interview)
begin
    select raise(abort, 'an event is never deleted');
end;
