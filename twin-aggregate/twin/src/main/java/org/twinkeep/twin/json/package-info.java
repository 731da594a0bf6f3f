/** The frozen form in which events are stored: stable names, revisions, JSON. */
@NullMarked
package org.twinkeep.twin.json;

import org.jspecify.annotations.NullMarked;
