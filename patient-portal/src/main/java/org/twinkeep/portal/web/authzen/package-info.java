/** AuthZEN over HTTP, where the operator switched it on. */
@org.jspecify.annotations.NullMarked
package org.twinkeep.portal.web.authzen;
