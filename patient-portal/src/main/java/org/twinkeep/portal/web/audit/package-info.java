/** The auditor's pages: the trail's public face, checkpoint and proofs, and how to verify them. */
@NullMarked
package org.twinkeep.portal.web.audit;

import org.jspecify.annotations.NullMarked;
