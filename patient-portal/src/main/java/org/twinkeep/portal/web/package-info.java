/** What all pages share: who is asking, in which words, what went wrong, and which headers go out. */
@NullMarked
package org.twinkeep.portal.web;

import org.jspecify.annotations.NullMarked;
