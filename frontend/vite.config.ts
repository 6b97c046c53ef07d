/// <reference types="vitest/config" />
import { resolve } from 'node:path'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where `npm run dev` finds a running `tenure serve`. */
const backend = process.env.TENURE_DEV_BACKEND ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [
    tanstackRouter({
      target: 'react',
      autoCodeSplitting: true,
      quoteStyle: 'single',
      semicolons: false,
    }),
    react(),
  ],
  resolve: { tsconfigPaths: true },
  build: {
    manifest: true,
    target: 'es2022',
    // Monaco, which only the GraphiQL page loads, is far above the usual limit.
    chunkSizeWarningLimit: 5000,
    rollupOptions: {
      input: { app: resolve('index.html'), graphiql: resolve('graphiql.html') },
      // GraphiQL's parts carry "use no memo" for the React compiler, which is not used here.
      onLog(level, log, tell) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log)
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/graphql': { target: backend, ws: true },
      '/auth': backend,
      '^/bills/[^/]+\\.pdf$': backend,
    },
  },
  test: {
    include: ['tests/**/*.test.{ts,tsx}'],
  },
})
