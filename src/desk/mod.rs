//! What I owe: everything that waits for the viewer, overdue first, with the verb that answers it. Reads
//! every room, owns none. The same gathering, for everybody, is what the system reminds of in the morning.
//! Notifications say what happened; the desk says what is owed. What others owe, and the viewer was told of,
//! stands apart and is not counted: whoever owes nothing has caught up.

pub mod brief;

pub mod gather;

pub mod page;

pub mod read;
