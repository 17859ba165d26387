-- The log of every interview, and the tables beside it. Times are milliseconds, ids are text, lists are JSON.

create table events (
    interview text not null,
    seq integer not null check (seq >= 0),
    at integer not null check (at >= 0),
    actor text not null,
    kind text not null,
    v integer not null,
    body text not null,
    origin text,
    n integer,
    primary key (interview, seq),
    check ((origin is null) = (n is null))
) strict, without rowid;

-- A client's fact is stored once, however often it is sent.
create unique index events_by_source on events (interview, origin, n) where origin is not null;

create trigger events_are_never_updated before update on events
begin
    select raise(abort, 'an event is never updated');
end;

create trigger events_are_never_deleted before delete on events
begin
    select raise(abort, 'an event is never deleted');
end;

create table accounts (
    id text not null primary key,
    email text not null unique,
    name text not null,
    password_hash text not null,
    created_at integer not null
) strict;

create table logins (
    token_hash text not null primary key,
    account text not null references accounts (id),
    expires_at integer not null
) strict;

create index logins_by_expiry on logins (expires_at);

-- `searchable` is what a search looks through: folded by the program, because databases differ in how they fold.
create table assessments (
    id text not null primary key,
    title text not null,
    searchable text not null,
    problems text not null,
    languages text not null,
    minutes integer not null,
    assistant text not null,
    budget_messages integer not null,
    budget_microusd integer not null,
    required_consents text not null,
    created_at integer not null
) strict;

create table interviews (
    id text not null primary key,
    assessment text not null references assessments (id),
    candidate text not null,
    email text,
    searchable text not null,
    candidate_token_hash text not null,
    language text not null,
    started_at integer not null,
    deadline_at integer not null,
    state text not null,
    ended_at integer,
    tests_passed integer not null,
    tests_total integer not null
) strict;

create index interviews_by_start on interviews (started_at, id);
create index interviews_by_assessment on interviews (assessment, started_at);
create index interviews_by_deadline on interviews (state, deadline_at);

create table invitations (
    token_hash text not null primary key,
    assessment text not null references assessments (id),
    name text not null,
    email text,
    created_at integer not null,
    expires_at integer not null,
    interview text references interviews (id) deferrable initially deferred
) strict;

create index invitations_by_assessment on invitations (assessment, created_at);

create table settings (
    name text not null primary key,
    value text not null
) strict;

-- One row that is written to prove that something can be written.
create table health (
    id integer not null primary key check (id = 1),
    checks integer not null
) strict;
