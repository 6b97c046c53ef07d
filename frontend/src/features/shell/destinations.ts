/** The screens to which g and another key lead. */
import { t } from '@lingui/core/macro'

export const destinations = [
  { key: 'h', to: '/', label: t`Go to today` },
  { key: 'a', to: '/accounts', label: t`Go to accounts` },
  { key: 'b', to: '/bills', label: t`Go to bills` },
  { key: 'p', to: '/payments', label: t`Go to payments` },
  { key: 'r', to: '/disputes', label: t`Go to disputes` },
  { key: 'd', to: '/deferred-actions', label: t`Go to deferred actions` },
  { key: 'c', to: '/deferred-actions/calendar', label: t`Go to the calendar` },
  { key: 'o', to: '/catalog', label: t`Go to the catalog` },
  { key: 'j', to: '/jobs', label: t`Go to jobs` },
  { key: 's', to: '/settings', label: t`Go to settings` },
] as const
