/** The reference in docs/reference: made from the directives' declarations, and held against what is committed. */
@NullMarked
package io.gatehouse.docs;

import org.jspecify.annotations.NullMarked;
