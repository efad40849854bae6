/** What a directive is: its name, contexts, arguments, inheritance, default and its text. */
@NullMarked
package io.gatehouse.config.directive;

import org.jspecify.annotations.NullMarked;
