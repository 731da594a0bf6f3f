package org.twinkeep.portal.wiring;

/** On one folder: events in SQLite. */
class PurgeTest extends PurgeContract {}
