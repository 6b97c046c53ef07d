import { createFileRoute } from '@tanstack/react-router'
import { NotFoundPage } from '@/features/shell/NotFoundPage'

export const Route = createFileRoute('/_signed-in/$')({ component: NotFoundPage })
