-- What a company calls the stages of its customers' way; empty where it is as usual.

create table stage_names (
    workspace_id blob primary key references workspaces (id),
    notice text not null,
    choose text not null,
    buy text not null,
    receive text not null,
    get_help text not null,
    come_back text not null,
    version integer not null
) strict;
