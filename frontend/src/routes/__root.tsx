import { createRootRouteWithContext, Outlet } from '@tanstack/react-router'
import type { Client } from '@urql/core'

interface Context {
  /** For queries that are started before the screen is loaded. */
  client: Client
}

export const Route = createRootRouteWithContext<Context>()({
  component: Outlet,
})
