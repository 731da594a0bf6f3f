/** Events of twins in a KurrentDB or EventStoreDB cluster, through its official client. */
@NullMarked
package org.twinkeep.twin.kurrentdb;

import org.jspecify.annotations.NullMarked;
