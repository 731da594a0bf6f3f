/** The life of a twin and of its chapters: commands, events, decisions. It knows no framework. */
@NullMarked
package org.twinkeep.twin;

import org.jspecify.annotations.NullMarked;
