package io.gatehouse.module.core;
