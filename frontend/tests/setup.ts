import { setLanguage } from '@/lib/language'

setLanguage('en')
